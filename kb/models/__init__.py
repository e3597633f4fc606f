"""What the partnership does (services, by LGSL), asks (questions) and knows (articles)."""

from kb.models.articles import Article
from kb.models.questions import Question
from kb.models.services import ResolutionClass, Service

__all__ = ["Article", "Question", "ResolutionClass", "Service"]
