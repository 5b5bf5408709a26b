"""Read models over the index: the state of members' dues, loans, an arisan and a death fund."""
