"""The jury's reasoning, pure: ratings in, outcomes out. No file, no clock, standard library only."""
