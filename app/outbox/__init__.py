"""Mail that is owed: written down with its cause, sent by the ticker, forgotten once it is gone."""
