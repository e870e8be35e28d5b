"""What a meetup puts into people's hands: a calendar file, slides, a sheet to print. Data in, bytes out."""
