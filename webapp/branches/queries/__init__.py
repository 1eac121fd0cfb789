"""What pages show of the branches: members, promises and activities, the rota, volunteers."""
