"""What is said where a design is not kept, or not made the default."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class DesignUnknown(DomainError):
    """No such design, or no such version, of this merchant's."""

    code = "design_not_found"
    message = _("There is no such design.")


class TooManyDesigns(DomainError):
    """More than anybody finds again."""

    code = "too_many_designs"
    message = _("There are %(most)d designs already. Remove one that you do not need.")


class TooManyVersions(DomainError):
    """A design that was saved for years."""

    code = "too_many_versions"
    message = _("This design was saved %(most)d times. Save it under another name.")


class DesignUndrawable(DomainError):
    """A value that is no design's. `field`: the part of it, such as "logo.share"."""

    code = "design_undrawable"
    message = _("This cannot be drawn. Choose another value.")


class DesignNotProven(DomainError):
    """Its proof is not there yet."""

    code = "design_not_proven"
    message = _("We are still reading this design back. It takes a few seconds.")


class DesignProofBroken(DomainError):
    """Its proof broke off."""

    code = "design_proof_broken"
    message = _("Reading this design back was interrupted. Ask for it once more.")


class DesignFails(DomainError):
    """Not every trial of its proof was read."""

    code = "design_fails"
    message = _("%(failed)d of %(total)d trials of this design were not read. Change it and save it again.")


class DesignRefused(DomainError):
    """`checking` forbids it, though it may be read: contrast, an eye, the quiet zone."""

    code = "design_refused"
    message = _("Such a design is never printed. Mend what is marked in it and save it again.")
