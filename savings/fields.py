"""Numbers of posts in the database: whole hundredths in an integer, exact in Python, as money is."""

from services.fields import MoneyField


class PostsField(MoneyField):
    """Full-time equivalent posts: `Decimal` with two places in Python, hundredths in the column. Never rounded, never a float."""

    description = "Full-time equivalent posts, stored as hundredths"
