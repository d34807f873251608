"""A newcomer at the counter: a name and one contact, and the first amount can be typed."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from core.errors import DomainError
from core.ids import public_id
from core.languages import reader_language
from loyalty.joining import enrol_member
from loyalty.queries import standing_of
from merchants.access import Permission
from web.access import StaffRequest, staff_view
from web.scanner import till
from web.scanner.words import member_words

FIELDS = ("name", "phone", "email", "locale")


@staff_view(Permission.ENROL)
@require_POST
def enrol(request: StaffRequest) -> HttpResponse:
    """201 and the newcomer, greeted; 422 and the form with its errors. No consent is given in somebody's name."""
    said = {field: request.POST.get(field, "") for field in FIELDS}
    try:
        joined = enrol_member(
            merchant=request.merchant,
            name=said["name"],
            phone=said["phone"],
            email=said["email"],
            locale=said["locale"],
            source="scanner",
            location=till.place(request),
            actor_id=request.staff.id,
        )
    except DomainError as refusal:
        return _form_again(request, said, refusal)
    code = public_id("mem", joined.member.id)
    words = member_words(joined.member, standing_of(joined.member.id), code, reader_language())
    return till.draw(request, "_member", {"member": words, "code": code}, status=201)


def _form_again(request: StaffRequest, said: dict[str, str], refusal: DomainError) -> HttpResponse:
    context: dict[str, object] = {"values": said, "errors": {refusal.field or "": refusal.detail}}
    if refusal.field not in FIELDS:
        context["enrol_problem"] = refusal.detail
    return till.draw(request, "_enrol", context, status=422)
