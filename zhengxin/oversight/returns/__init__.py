"""Quarterly returns: for each mandate and quarter each leading unit reports, confirms that nothing was done, or is missing."""
