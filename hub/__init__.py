"""The project: settings, addresses and the processes around the apps. It imports all and is imported by none."""
