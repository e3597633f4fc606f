"""What staff and teams keep for their own work. One file for each matter."""

from teamwork.models.drafts import Draft
from teamwork.models.undo import Undo

__all__ = ["Draft", "Undo"]
