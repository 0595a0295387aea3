"""The machine that makes timetables: plain arrays in, a timetable out. It knows no web, no database and no clock."""
