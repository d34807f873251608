"""Addresses of the QR studio."""

from django.urls import URLPattern, path

from web.dashboard.studio import designer, designer_files, designer_saved, listing, making, one, printing

urlpatterns: list[URLPattern] = [
    path("", listing.show, name="dashboard-studio"),
    path("figures.csv", listing.export, name="dashboard-studio-export"),
    path("designer/", designer.show, name="dashboard-designer"),
    path("designer/turn/", designer.turn, name="dashboard-designer-turn"),
    path("designer/fixes/", designer.mend, name="dashboard-designer-fixes"),
    path("designer/file/", designer_files.take, name="dashboard-designer-file"),
    path("designs/", designer_saved.list_designs, name="dashboard-designs"),
    path("designer/save/", designer_saved.save, name="dashboard-design-save"),
    path("designs/default/removal/", designer_saved.drop_default, name="dashboard-design-default-removal"),
    path("designs/<uuid:design_id>/", designer_saved.show, name="dashboard-design"),
    path("designs/<uuid:design_id>/removal/", designer_saved.remove, name="dashboard-design-removal"),
    path("designs/<uuid:design_id>/return/", designer_saved.bring_back, name="dashboard-design-return"),
    path("designs/versions/<uuid:version_id>/proof/", designer_saved.proof, name="dashboard-design-proof"),
    path(
        "designs/versions/<uuid:version_id>/default/",
        designer_saved.make_default,
        name="dashboard-design-default",
    ),
    path(
        "designs/versions/<uuid:version_id>/restoration/",
        designer_saved.restore,
        name="dashboard-design-restoration",
    ),
    path("new/", making.new, name="dashboard-link-new"),
    path("<uuid:link_id>/", one.show, name="dashboard-link"),
    path("<uuid:link_id>/code.png", one.png, name="dashboard-link-png"),
    path("<uuid:link_id>/code.svg", one.svg, name="dashboard-link-svg"),
    path("<uuid:link_id>/print/", printing.show, name="dashboard-link-print"),
    path("<uuid:link_id>/print/sheet", printing.sheet, name="dashboard-link-sheet"),
    path("<uuid:link_id>/stop/", one.stop, name="dashboard-link-stop"),
    path("<uuid:link_id>/resumption/", one.resume, name="dashboard-link-resume"),
]
