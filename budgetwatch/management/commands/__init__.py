"""Commands of the whole project: the database, its copies and their return."""
