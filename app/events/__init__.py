"""Writing events: their tables, the devices that joined, and who may touch what."""
