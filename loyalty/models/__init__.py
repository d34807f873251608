"""The programme of a merchant, where each member stands in it, and the purchases it judged."""

from loyalty.models.codes import CodeBatch, CodeUse
from loyalty.models.happenings import Happening
from loyalty.models.programme import (
    STATIC_A_DAY,
    Draft,
    Programme,
    ProgrammeVersion,
    Tier,
    Unit,
)
from loyalty.models.purchases import Note, Purchase, Refund
from loyalty.models.referrals import Referral
from loyalty.models.rehearsals import Rehearsal
from loyalty.models.standings import Budget, Merge, Standing

__all__ = [
    "STATIC_A_DAY",
    "Budget",
    "CodeBatch",
    "CodeUse",
    "Draft",
    "Happening",
    "Merge",
    "Note",
    "Programme",
    "ProgrammeVersion",
    "Purchase",
    "Referral",
    "Refund",
    "Rehearsal",
    "Standing",
    "Tier",
    "Unit",
]
