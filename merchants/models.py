"""Merchants and what surrounds them. No view, no verb: fields, constraints, one-row questions."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.ids import new_id
from core.tenancy import TenantKey, TenantModel


class UserManager(BaseUserManager["User"]):
    """Makes users with a hashed password."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A user who may sign in with `email`; without a password, by reset link only."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        """The user of an e-mail address, whatever its case."""
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """A login. May be staff at several merchants; `merchant_ids` lists the doors, `StaffMember` decides at each."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("e-mail"), max_length=254, unique=True)  # lower case
    name = models.CharField(_("name"), max_length=80, blank=True)
    locale = models.CharField(max_length=5, default="en")
    is_active = models.BooleanField(default=True)
    merchant_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email


class Merchant(models.Model):
    """The business that runs a programme: the tenant. Its name and look are public, so the row is readable by all."""

    class Trade(models.TextChoices):
        """What kind of shop; it chooses words and pictures, never rules."""

        CAFE = "cafe", _("Café or restaurant")
        BAKERY = "bakery", _("Bakery")
        SALON = "salon", _("Salon")
        FLORIST = "florist", _("Florist")
        BOUTIQUE = "boutique", _("Boutique")
        OTHER = "other", _("Something else")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # A card's QR names its merchant in four bytes: a random number, so that a QR does not tell how many we are.
    number = models.BigIntegerField(unique=True, editable=False)
    slug = models.SlugField(max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=80)
    trade = models.CharField(_("trade"), max_length=20, choices=Trade.choices, default=Trade.CAFE)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    time_zone = models.CharField(_("time zone"), max_length=50, default="Europe/Paris")
    locale = models.CharField(_("language"), max_length=5, default="en")
    brand_colour = models.CharField(max_length=7, default="#1f4d3a")
    tagline = models.CharField(max_length=60, blank=True)  # "Café de quartier, Lyon"
    logo_digest = models.CharField(
        max_length=16, blank=True
    )  # names the logo in addresses; empty without one
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name


class Location(TenantModel):
    """One place of a merchant where scans happen."""

    name = models.CharField(_("name"), max_length=80)
    address = models.CharField(_("address"), max_length=200, blank=True)
    map_url = models.URLField(max_length=500, blank=True)
    # Seven lists of [from, to] in minutes after midnight, Monday first; empty when the hours are not told. See `hours`.
    hours = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint("merchant", Lower("name"), name="merchants_location_name"),
        ]

    def __str__(self) -> str:
        return self.name


class StaffMember(TenantModel):
    """A user's membership in one merchant, with a role. What a role may do stands in `access.py`."""

    class Role(models.TextChoices):
        """Who decides, who runs the day, who stands at the counter."""

        OWNER = "owner", _("Owner")
        MANAGER = "manager", _("Manager")
        CASHIER = "cashier", _("Cashier")

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True)  # the row stays: what was done keeps its author

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "user"], name="merchants_staff_once")]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class Invitation(TenantModel):
    """A place in the team, offered to an e-mail address. The link in the letter is computed and kept nowhere."""

    email = models.EmailField(max_length=254)  # lower case
    role = models.CharField(max_length=10, choices=StaffMember.Role.choices)
    locale = models.CharField(max_length=5, default="en")
    letter = models.PositiveSmallIntegerField(default=1)  # only the newest letter's link opens
    invited_by = TenantKey(StaffMember, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="merchants_invitation_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} ({self.created_at:%Y-%m-%d})"


class Logo(TenantModel):
    """A merchant's logo, drawn anew by us in three sizes. At most one a merchant; `Merchant.logo_digest` names it."""

    digest = models.CharField(max_length=16)
    large = models.BinaryField()  # PNG, 512 square: the installed card, the poster
    medium = models.BinaryField()  # PNG, 192 square: e-mails, which know no newer format
    small = models.BinaryField()  # WebP, 128 square: pages
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant"], name="merchants_logo_once")]

    def __str__(self) -> str:
        return self.digest


class ApiKey(TenantModel):
    """A credential of a program. The secret is shown once and kept as a digest."""

    name = models.CharField(_("name"), max_length=60)
    hint = models.CharField(max_length=16)
    secret_hash = models.BinaryField()
    scopes = ArrayField(models.CharField(max_length=30))
    created_by = TenantKey(StaffMember, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["merchant", "secret_hash"], name="merchants_apikey_secret"),
            models.CheckConstraint(condition=~Q(scopes=[]), name="merchants_apikey_has_scopes"),
        ]

    def __str__(self) -> str:
        return self.name
