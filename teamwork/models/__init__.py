"""What staff and teams keep for their own work. One file for each matter."""

from teamwork.models.bulk import BulkState, ItemState, Together, TogetherItem
from teamwork.models.drafts import Draft
from teamwork.models.macros import Macro
from teamwork.models.quality import QualityMark, QualityPair, QualityRound
from teamwork.models.rules import Rule, RuleCursor, RuleEvent, RuleRun, RuleVersion
from teamwork.models.scripts import Leading, Script
from teamwork.models.skills import Away, Capacity, Skill, SkillKind, SkillLevel
from teamwork.models.tasks import Checklist, Task
from teamwork.models.undo import Undo
from teamwork.models.views import FirstView, SavedView
from teamwork.models.walls import WallScreen

__all__ = [
    "Away",
    "BulkState",
    "Capacity",
    "Checklist",
    "Draft",
    "FirstView",
    "ItemState",
    "Leading",
    "Macro",
    "QualityMark",
    "QualityPair",
    "QualityRound",
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
    "WallScreen",
]
