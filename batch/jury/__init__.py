"""The jury's reasoning: ratings in, outcomes out. No file, no clock, standard library only."""
