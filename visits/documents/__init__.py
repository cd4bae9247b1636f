"""Papers to hold in one’s hand: PDF from the same templates as the pages."""
