"""Addresses of these pages. `config.urls` leaves them out in production."""

from django.urls import URLPattern, path

from web.dev import demo, errors, mail, styleguide

urlpatterns: list[URLPattern] = [
    path("dev/card", demo.open_card, name="dev-card"),
    path("dev/errors/<str:name>", errors.show_error, name="dev-error"),
    path("dev/mail", mail.letters, name="dev-mail"),
    path("dev/mail/<str:letter_id>", mail.letter, name="dev-letter"),
    path("dev/mail/<str:letter_id>/html", mail.letter_html, name="dev-letter-html"),
    path("styleguide", styleguide.styleguide, name="styleguide"),
    path("styleguide/colours.css", styleguide.colours, name="styleguide-colours"),
]
