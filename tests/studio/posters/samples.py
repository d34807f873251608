"""What shops of every trade say, in both languages, short and as long as anything gets."""

from functools import cache

from studio.drawing.drawings import draw
from studio.drawing.marks import silhouette
from studio.drawing.presets import from_brand
from studio.drawing.shapes import Drawing
from studio.posters.contents import Content

LINK = "https://cards.habitue.example/q/k4f9ta2/h7dkqz"
GREEN = "#1f4d3a"
TRADES = ("cafe", "bakery", "florist", "salon", "boutique", "restaurant", "other")
SHORT = Content(
    shop="Aroma",
    headline="The usual?",
    call="Scan, leave a number",
    below="That is all",
    promise="The tenth coffee is on us.",
    address="14 rue des Tables-Claudiennes, Lyon",
    circles=10,
    trade="cafe",
    no_app="No app, no password.",
    no_phone="No phone? Ask for a card at the counter.",
)
LONG = Content(
    shop="Boulangerie-pâtisserie des Tables-Claudiennes",
    headline="Votre boulangerie de quartier vous offre la dixième baguette de tradition",
    call="Scannez ce code, laissez votre numéro de téléphone",
    below="Et c’est tout, vraiment, pour toujours",
    promise="La dixième baguette de tradition, ou la dixième viennoiserie au beurre, est pour nous.",
    address="118 bis, rue de la Montée-de-la-Grande-Côte, 69001 Lyon-Croix-Rousse",
    circles=17,
    trade="bakery",
    no_app="Ni application à installer, ni mot de passe à retenir, ni adresse électronique.",
    no_phone="Sans téléphone, demandez une carte imprimée au comptoir : elle compte comme les autres.",
    language="fr",
)


@cache
def code(colour: str = GREEN, paper: str = "#fbf7ef") -> Drawing:
    """A code in the look of a shop that has designed none."""
    design = from_brand(colour, paper)
    return draw(design, LINK, silhouette("cafe", ink=design.ink, paper=design.paper))
