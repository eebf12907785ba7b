"""Everything that proves Lettertally does what it says; the folders mirror app/."""
