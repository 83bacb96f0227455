"""The calendar of reporting periods and which report is due when. Pure: no clock, no bus."""
