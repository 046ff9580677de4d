"""All that is true without a screen: problems, plans, money, the store, the sampler, the statistics."""
