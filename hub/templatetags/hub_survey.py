"""The question at the end of an errand, for a page that is such an end."""

from django import template

from channels.asking import survey
from channels.asking.survey import Question

register = template.Library()


@register.simple_tag
def survey_at(
    end: str, sitting: str, channel: str = "web", service: str = "", reference: str = ""
) -> Question:
    """The question for components/survey.html: `end` is where, `sitting` whose visit it is."""
    return survey.at(end, sitting, channel=channel, service=service, reference=reference)
