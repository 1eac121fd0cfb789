"""Services of residents: register, edit the profile, give consents."""
