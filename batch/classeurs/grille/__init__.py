"""The grid: its form and identity (`forme`), its writer, its reader."""
