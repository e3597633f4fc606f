"""The project: settings, addresses and the processes around the apps. Imported by none."""
