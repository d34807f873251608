"""Colour and logo, each with what a member would see of it before it is kept."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from core import tenancy
from core.errors import DomainError
from loyalty.programme.versions import version_in_force
from merchants import logos
from merchants.access import Permission
from merchants.branding import ColourUnreadable, contrast, grounds, palette_of, read_colour
from merchants.shop import change_colour
from web.access import StaffRequest, page_context, staff_view
from web.card.theme import write_css
from web.dashboard.preview import preview_of
from web.errors import show_at_field
from web.parts import form_of, render_part
from web.templatetags.habitue import ratio
from web.uploads import takes_file

PAGE = "dashboard-branding"


class ColourForm(forms.Form):
    """One colour; the rest is computed."""

    brand_colour = forms.CharField(
        label=_("Your colour"),
        max_length=20,
        help_text=_("# and six digits. Choose any: words on it stay readable."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-colour": True}),
    )


class LogoForm(forms.Form):
    """A picture and which square of it. Sliders work by arrow keys; untouched they mean the middle."""

    logo = forms.FileField(
        label=_("Picture"),
        help_text=_("PNG, JPEG or WebP, up to 5 MB. Square is best; else choose the part."),
        error_messages={"required": _("Choose a picture first."), "empty": _("This file is empty.")},
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp", "data-logo": True}),
    )
    whole = forms.BooleanField(label=_("Show the whole picture, with a margin"), required=False)
    zoom = forms.IntegerField(label=_("Closer"), required=False)
    x = forms.IntegerField(label=_("Left or right"), required=False)
    y = forms.IntegerField(label=_("Up or down"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spans = {"zoom": (100, logos.MOST_ZOOM, 10, 100), "x": (0, 100, 5, 50), "y": (0, 100, 5, 50)}
        for name, (least, most, step, middle) in spans.items():
            span = {"type": "range", "min": least, "max": most, "step": step, "data-crop": name}
            self.fields[name].widget = forms.NumberInput(attrs=span)
            self.initial.setdefault(name, middle)

    def crop(self) -> logos.Crop:
        """What was chosen; the middle of the picture by default."""
        data = self.cleaned_data
        values = {name: data[name] for name in ("x", "y", "zoom") if data[name] is not None}
        return logos.Crop(**values, whole=data["whole"])


@require_http_methods(["GET", "POST"])
@staff_view(Permission.EDIT_SHOP)
def branding(request: StaffRequest) -> HttpResponse:
    """Both forms beside the preview; posting keeps the colour. `?brand_colour=` tries one without a script."""
    tried = request.GET.get("brand_colour", request.merchant.brand_colour)
    form = ColourForm(request.POST or None, initial={"brand_colour": tried}, auto_id="branding_%s")
    if form.is_valid():
        try:
            change_colour(merchant=request.merchant, actor=request.staff, **form.cleaned_data)
            messages.success(request, gettext("The colour is changed. Members see it within minutes."))
            return redirect(PAGE, request.merchant.slug)
        except DomainError as refusal:
            show_at_field(form, refusal)
    return _show(request, colour_form=form, tried=tried)


@require_GET
@staff_view(Permission.EDIT_SHOP)
def palette_css(request: StaffRequest, digits: str) -> HttpResponse:
    """The palette of a colour that is only being tried, for the preview and nothing else on the page."""
    try:
        css = write_css(palette_of(f"#{digits}"), selector="[data-tried]")
    except ColourUnreadable:
        css = ""
    return HttpResponse(css, content_type="text/css; charset=utf-8")


def keep_logo(request: StaffRequest, form: LogoForm) -> bool:
    """Whether the picture is the logo now; why not is said at the form's field. To be called outside the scope."""
    if form.is_valid():
        try:
            content = form.cleaned_data["logo"].read()
            logos.set_logo(merchant=request.merchant, content=content, crop=form.crop(), actor=request.staff)
            messages.success(request, gettext("The logo is in its place, on cards, posters and e-mails."))
            return True
        except DomainError as refusal:
            show_at_field(form, refusal)
    return False


@csrf_exempt  # checked by `takes_file`, once it is clear whose request this is
@form_of(PAGE)
@staff_view(Permission.EDIT_SHOP, scoped=False)
@takes_file(logos.MOST_BYTES)
def logo(request: StaffRequest) -> HttpResponse:
    """Keep a picture as the logo. Outside the scope: no transaction waits for an upload, nor for what is drawn of it."""
    form = LogoForm(request.POST, request.FILES, auto_id="logo_%s")
    if keep_logo(request, form):
        return redirect(PAGE, request.merchant.slug)
    with tenancy.scope(request.merchant.id):
        return _show(request, logo_form=form)


@form_of(PAGE)
@staff_view(Permission.EDIT_SHOP)
def logo_removal(request: StaffRequest) -> HttpResponse:
    """Back to the letter. The page has asked."""
    logos.remove_logo(merchant=request.merchant, actor=request.staff)
    messages.success(request, gettext("The logo is removed."))
    return redirect(PAGE, request.merchant.slug)


def _show(
    request: StaffRequest,
    *,
    colour_form: ColourForm | None = None,
    logo_form: LogoForm | None = None,
    tried: str | None = None,
) -> HttpResponse:
    merchant = request.merchant
    initial = {"brand_colour": merchant.brand_colour}
    context = page_context(request, "settings") | {
        "tab": "branding",
        "colour_form": colour_form or ColourForm(initial=initial, auto_id="branding_%s"),
        "logo_form": logo_form or LogoForm(auto_id="logo_%s"),
        "palette": read_palette(tried or merchant.brand_colour, merchant.brand_colour),
        "preview": preview_of(merchant, version_in_force()),
    }
    refused = any(form is not None and form.errors for form in (colour_form, logo_form))
    return render_part(request, "dashboard/branding.html", "tried", context, status=422 if refused else 200)


def read_palette(tried: str, kept: str) -> dict[str, Any]:
    """The colour as it would be, with how well each pair can be told apart: the least over all grounds."""
    try:
        colour = read_colour(tried.strip())
    except ColourUnreadable:
        return {"problem": str(ColourUnreadable().detail), "digits": kept.lstrip("#")}
    palette = palette_of(colour)
    light, dark = palette.light, palette.dark
    lights = [contrast(light.text, ground) for ground in (*grounds("light").values(), light.wash)]
    darks = [contrast(dark.text, ground) for ground in (*grounds("dark").values(), dark.wash)]
    return {
        "colour": colour,
        "digits": colour.lstrip("#"),
        "moved": light.fill != colour,
        "pairs": [
            {
                "name": "fill",
                "label": gettext("Words on your colour"),
                "ratio": ratio(contrast(light.on, light.fill)),
            },
            {"name": "text", "label": gettext("Your colour as words"), "ratio": ratio(min(lights + darks))},
        ],
    }
