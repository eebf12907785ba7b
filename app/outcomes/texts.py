"""Pages that the section may write itself, and what stands there until it does."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.formatting import number

PAGES = {
    "how": _l("How it works"),
    "welcome": _l("The words under the home page’s heading"),
    "footer": _l("The words at the foot of every page"),
}
WHERE = {
    "how": _l("The page “How it works”. Without words of yours it says ours."),
    "welcome": _l(
        "One or two sentences. Without words of yours the page says until when people write."
    ),
    "footer": _l("Who you are, a link to your own site. Without words of yours there is nothing."),
}
LONGEST = {"how": 20_000, "welcome": 400, "footer": 1_000}


def our_text(page: str) -> str:
    """What we say on a page until the section says it itself: Markdown in the reader's language."""
    return how_it_works() if page == "how" else ""


def how_it_works() -> str:
    """How the marathon works, why by hand, what makes a good letter, and where it came from."""
    return "\n\n".join((*_how(), *_why(), *_adults(), *_young_people(), *_history()))


def _how() -> tuple[str, ...]:
    return (
        "## " + _("What happens"),
        _(
            "Each winter, around Human Rights Day on 10 December, people sit down together and "
            "write: in schools and libraries, in cafés, at kitchen tables. They write for people "
            "who are in prison for what they said, who are threatened, or who wait for justice."
        ),
        "1. "
        + _(
            "**Choose a case.** Each has its story, what is asked for, and what a writer should "
            "leave out to keep the person safe."
        ),
        "2. "
        + _(
            "**Write**, in your own words. One letter to those in power asks them to act; one card "
            "to the person tells them that they are not forgotten."
        ),
        "3. "
        + _(
            "**Tell the table.** A volunteer counts your letter, without your name. The count on "
            "the wall grows, and so does the pile that is posted."
        ),
    )


def _why() -> tuple[str, ...]:
    return (
        "## " + _("Why by hand"),
        _(
            "A letter on paper has to be opened, sorted and put somewhere. A hundred sacks of them "
            "cannot be deleted. Whoever holds the keys sees that the world is watching, and "
            "whoever sits in the cell hears of it: guards talk, and sometimes the sacks come in."
        ),
        _(
            "Nobody can promise that a letter opens a door. Often it makes a cell less dark first: "
            "a visit allowed, a doctor sent, a sentence cut. And sometimes the door opens."
        ),
    )


def _adults() -> tuple[str, ...]:
    return (
        "## " + _("A good letter, if you are an adult"),
        "- " + _("Read the case and its rules first. Leave out what they ask you to leave out."),
        "- " + _("Be polite, even when you are angry. You write to somebody who can say yes."),
        "- " + _("Say who you are: a teacher, a nurse, somebody’s grandmother. Keep it short."),
        "- " + _("Ask for one thing, clearly, and say why it matters to you."),
        "- "
        + _(
            "Give your name and address, unless the case says otherwise: an address makes a letter "
            "credible."
        ),
        "- " + _("Write neatly, on one page. Your own language is welcome if the case says so."),
    )


def _young_people() -> tuple[str, ...]:
    return (
        "## " + _("A good letter, if you are under 18"),
        "- " + _("Choose a case that is right for your age; some stories are heavy."),
        "- " + _("Sign with your first name only. Give no address, no school, no surname."),
        "- " + _("Add no photo of yourself, no phone number, no e-mail, no account."),
        "- " + _("A drawing says a lot, most of all on a card to the person."),
        "- " + _("You need not write at all: fold, stamp, count, or listen to the stories."),
    )


def _history() -> tuple[str, ...]:
    return (
        "## " + _("Where it came from"),
        _(
            "In 2001 a group in Warsaw wrote letters for twenty-four hours without a break: "
            "%(letters)s of them. Others joined in. Eight years later people wrote in fifty "
            "countries, and in 2019 there were more than six and a half million letters, cards "
            "and other actions.",
            letters=number(2326),
        ),
        _(
            "When a marathon closes, only a third to two thirds of its final number is known: the "
            "parcels are still being counted. That is why every number here says whether it is "
            "provisional or final."
        ),
        _(
            "Sources: the campaign’s own published totals of 2001, 2009, 2013 and 2019. Where the "
            "section shows them, they stand year by year under “History”."
        ),
    )
