"""The first hour: from an empty database to a season, in three short steps."""
