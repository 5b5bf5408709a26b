"""Read models over the index: what members, loans, an arisan and a death fund stand at."""
