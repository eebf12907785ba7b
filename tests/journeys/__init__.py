"""Whole stories of a marathon, told by people who only use forms."""
