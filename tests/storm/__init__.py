"""The crash storm: the whole system under kill -9, with citizens writing in all the time."""
