"""Long work in the worker: kinds, locks, progress, and a result that only its owner gets."""
