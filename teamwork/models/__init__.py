"""What staff and teams keep for their own work. One file for each matter."""

from teamwork.models.bulk import BulkState, ItemState, Together, TogetherItem
from teamwork.models.drafts import Draft
from teamwork.models.macros import Macro
from teamwork.models.rules import Rule, RuleCursor, RuleEvent, RuleRun, RuleVersion
from teamwork.models.scripts import Leading, Script
from teamwork.models.skills import Capacity, Skill, SkillKind, SkillLevel
from teamwork.models.tasks import Checklist, Task
from teamwork.models.undo import Undo
from teamwork.models.views import FirstView, SavedView

__all__ = [
    "BulkState",
    "Capacity",
    "Checklist",
    "Draft",
    "FirstView",
    "ItemState",
    "Leading",
    "Macro",
    "Rule",
    "RuleCursor",
    "RuleEvent",
    "RuleRun",
    "RuleVersion",
    "SavedView",
    "Script",
    "Skill",
    "SkillKind",
    "SkillLevel",
    "Task",
    "Together",
    "TogetherItem",
    "Undo",
]
