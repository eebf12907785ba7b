"""The Flask extensions, bare; `create_app` configures them."""

from __future__ import annotations

import gettext
from functools import cached_property

from flask_babel import Babel, Domain, get_locale
from flask_compress import Compress
from flask_login import LoginManager
from flask_wtf import CSRFProtect


class Catalogues(Domain):  # type: ignore[misc]
    """The translated words, out of the folders that have any in the reader's language.

    Flask-Babel counts as the last folder does, and one without a catalogue as in English.
    """

    @property
    def translation_directories(self) -> list[str]:
        """Asked once for each language, on its first page."""
        languages = [str(get_locale())]
        folders: list[str] = super().translation_directories
        return [folder for folder in folders if gettext.find(self.domain[0], folder, languages)]


class Languages(Babel):  # type: ignore[misc]
    """Flask-Babel with catalogues that count as their own language does."""

    @cached_property
    def domain_instance(self) -> Domain:
        """What gettext asks."""
        return Catalogues(domain=self.domain)


babel = Languages()
compress = Compress()
csrf = CSRFProtect()
login_manager = LoginManager()
