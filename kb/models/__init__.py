"""What the partnership does (services, by LGSL), asks (questions) and knows (articles,
notices)."""

from kb.models.articles import Article
from kb.models.notices import Notice, NoticeKind
from kb.models.questions import Question
from kb.models.services import ResolutionClass, Service

__all__ = ["Article", "Notice", "NoticeKind", "Question", "ResolutionClass", "Service"]
