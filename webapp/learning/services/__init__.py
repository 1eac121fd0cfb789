"""Services of learning: train, compare, switch versions of the model."""
