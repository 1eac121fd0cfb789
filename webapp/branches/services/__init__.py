"""Use cases of the branches: members, promises and activities, the rota, volunteers, leaving."""
