"""Tells people: the respondent that the opinion arrived, the committee what came in. Alone holds the key to identities."""
