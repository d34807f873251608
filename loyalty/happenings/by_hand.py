"""What staff may tell of a member by hand, at the till or the desk: whatever a rule in force asks for and no machine sees."""

from dataclasses import dataclass

from loyalty.rules.types import Rule, Trigger, Version

# In the order in which they are offered. Visits and what is done online come by other doors.
TRIGGERS: tuple[Trigger, ...] = ("gift", "attendance", "review", "survey", "share", "custom")


@dataclass(frozen=True, slots=True)
class Act:
    """Something to tell of: a trigger, the name that a rule asks for (or none), and the rules that would be asked."""

    trigger: Trigger
    name: str
    rules: tuple[Rule, ...]

    @property
    def code(self) -> str:
        """As forms send it: "gift", "attendance:latte art"."""
        return f"{self.trigger}:{self.name}" if self.name else self.trigger


def acts_of(version: Version) -> list[Act]:
    """Each thing once. A custom event is always known by its name."""
    found = []
    for trigger in TRIGGERS:
        rules = [rule for rule in version.rules if rule.active and rule.trigger == trigger]
        names = sorted({name for rule in rules for name in _names(rule) or ()})
        if any(_names(rule) is None for rule in rules) and trigger != "custom":
            names.insert(0, "")
        found += [Act(trigger, name, tuple(rule for rule in rules if _is_for(rule, name))) for name in names]
    return found


def act_of(version: Version, code: str) -> Act | None:
    """The act of that code, where the version still has it."""
    return next((act for act in acts_of(version) if act.code == code), None)


def _names(rule: Rule) -> set[str] | None:
    """Those of which one must be told; None where the rule is for any."""
    asked = [condition.given["any"] for condition in rule.conditions if condition.kind == "name"]
    return {name.lower() for names in asked for name in names} if asked else None


def _is_for(rule: Rule, name: str) -> bool:
    names = _names(rule)
    return names is None or name in names
