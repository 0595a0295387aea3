"""The forms of people, by what they are about."""
