"""Invented people: names, phone numbers that nobody owns, addresses at example.org. No network, no database."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from core.text import fold

# Numbers that the French regulator keeps for films and books.
FICTIONAL_MOBILE = "+3363998{:04d}"
PHONE_ONLY, PHONE_AND_EMAIL = 0.55, 0.85  # cumulative shares; the rest gave an address only
NAMELESS = 0.03  # people in a hurry
FRENCH_SPEAKING = 0.78


def _words(text: str) -> tuple[str, ...]:
    """Words of a list that is easier to read without quotes; `_` stands for a space inside a name."""
    return tuple(word.replace("_", " ") for word in text.split())


FRENCH_NAMES = _words("""Adèle Adrien Agathe Agnès Alice Aline Amandine Amélie Anaïs André Angèle Antoine Apolline Ariane Armand
Arthur Aude Augustin Aurélie Aurélien Axelle Baptiste Barthélemy Basile Bastien Béatrice Benoît Bérénice Blanche Brice
Camille Capucine Carole Cécile Céleste Céline Charles Charlotte Chloé Claire Clara Clémence Clément Colette Constance
Corentin Côme Cyril Damien Daphné Delphine Denis Diane Édith Édouard Éléonore Éliane Élise Élodie Éloïse Émile Émilie
Emma Enzo Estelle Étienne Eugénie Eva Fabien Fabrice Fanny Félix Fleur Florent Florian François Françoise Gabriel
Gabrielle Gaël Gaëlle Gaspard Gauthier Geneviève Gilles Grégoire Guillaume Gustave Hélène Héloïse Henri Honorine Hugo
Inès Irène Isabelle Jade Jean Jeanne Jérémie Jérôme Joséphine Jules Julie Julien Juliette Justine Karim Laëtitia Laure
Laurent Léa Léo Léon Léonie Léopold Lila Lise Loïc Lou Louis Louise Luc Lucas Lucie Madeleine Maël Maëlys Manon Marc
Marceau Margaux Marguerite Marie Marin Marion Martin Mathilde Mathis Matthieu Maud Maxime Mélanie Mélissa Michel Mohamed
Nadia Nathan Nicolas Nina Noé Noémie Océane Odile Olivier Ophélie Oscar Pascal Paul Pauline Perrine Philippe Pierre
Quentin Rachid Raphaël Rémi Renée Robin Romain Romane Rose Roxane Sabine Sacha Salomé Samuel Sandrine Sarah Sébastien
Séverine Simon Solène Sophie Stéphane Suzanne Sylvain Tanguy Théo Théodore Thérèse Thibault Thomas Timothée Titouan
Tristan Valentin Valérie Victoire Victor Violette Virginie Wassim Xavier Yann Yasmine Yves Zélie""")
FRENCH_SURNAMES = _words("""Allard Arnaud Aubert Bailly Barbier Barré Béranger Berger Bernard Bertrand Besson Blanc Blanchard
Bonnet Boucher Boulanger Bourgeois Boyer Brunet Caron Carpentier Chapuis Charpentier Chevalier Chevallier Clément Colin
Collet Cordier Coste Courtois Da_Silva Delmas Deschamps Desjardins Dubois Dufour Dumas Dumont Dupuis Dupuy Durand Duval
Fabre Faure Favre Fleury Fontaine Fournier Gaillard Garnier Gauthier Germain Giraud Girard Gonthier Grandjean Granger
Guérin Guichard Guillot Hamel Haddad Hubert Humbert Jacquet Joly Jourdan Julien Lacroix Lambert Laurent Leblanc Leclerc
Lefèvre Legrand Lemaire Lemoine Leroux Leroy Lévêque Maillard Mallet Marchal Maréchal Marie Martel Masson Mathieu
Mercier Meunier Meyer Michaud Michel Millet Moreau Morel Morin Moulin Muller Nguyen Noël Olivier Pasquier Payet Pelletier
Perrin Perrot Petitjean Philippe Picard Pichon Poirier Pons Prévost Rémy Renard Renaud Rey Richard Rivière Robert Roche
Rolland Rousseau Roussel Roux Roy Royer Sanchez Schneider Simonet Tessier Thibaud Traoré Vallet Vasseur Vernet Vidal
Vincent Voisin Weber""")
ENGLISH_NAMES = _words("""Abigail Aisha Alfie Amelia Beatrix Ben Bridget Callum Charlie Chloe Daisy Daniel Edith Ella Ethan Evie
Fiona Florence Freddie George Grace Hannah Harriet Harry Imogen Isla Jack Jasmine Jess Joe Kate Kieran Laura Liam Lily
Lucy Matilda Max Megan Mohan Molly Nora Oliver Orla Oscar Owen Penelope Phoebe Poppy Priya Rory Rosie Ruby Ryan Siân
Tara Toby Tom Violet Will Zara""")
ENGLISH_SURNAMES = _words("""Adams Ahmed Bailey Baker Barnes Bennett Brooks Campbell Carter Clarke Cooper Doyle Edwards Ellis
Evans Fletcher Foster Gray Green Hall Harris Hughes Jackson Kaur Kelly Khan Knight Lewis Mason Mitchell Morgan Murphy
Murray O’Brien O’Connor Palmer Parker Patel Pearce Phillips Price Reid Roberts Ryan Shaw Singh Stewart Thompson Turner
Walker Ward Watson Webb West Wood Wright Young""")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who joins, as they would tell it at the counter."""

    name: str
    phone: str = ""
    email: str = ""
    locale: str = "fr"
    birthday: dt.date | None = None
    consents: dict[str, bool] = field(default_factory=dict)


def invent_people(rng: Random, *, today: dt.date, first_number: int) -> Iterator[Person]:
    """People without end, no two with the same number or address."""
    taken: set[str] = set()
    for number in range(first_number, 10_000):
        french = rng.random() < FRENCH_SPEAKING
        first = rng.choice(FRENCH_NAMES if french else ENGLISH_NAMES)
        last = rng.choice(FRENCH_SURNAMES if french else ENGLISH_SURNAMES)
        reached = rng.random()
        email = "" if reached < PHONE_ONLY else _address(first, last, taken)
        yield Person(
            name="" if rng.random() < NAMELESS else f"{first} {last}",
            phone=FICTIONAL_MOBILE.format(number) if reached < PHONE_AND_EMAIL else "",
            email=email,
            locale="fr" if french else "en",
            birthday=_birthday(rng, today),
            consents=_consents(rng) if email else {},
        )


def _address(first: str, last: str, taken: set[str]) -> str:
    local = "".join(char for char in fold(f"{first}.{last}") if char.isalpha() or char == ".")
    address = f"{local}@example.org"
    again = 2
    while address in taken:
        address, again = f"{local}{again}@example.org", again + 1
    taken.add(address)
    return address


def _birthday(rng: Random, today: dt.date) -> dt.date | None:
    """Four in ten tell it. Ages are those of a café's guests, 16 to 85."""
    told, years = rng.random() < 0.4, min(85.0, 16 + rng.gammavariate(2.6, 10))
    return today - dt.timedelta(days=int(years * 365.25) + rng.randrange(365)) if told else None


def _consents(rng: Random) -> dict[str, bool]:
    return {"points_email": rng.random() < 0.7, "news_email": rng.random() < 0.35}
