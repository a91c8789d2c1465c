//! Pool-account leases: gridmapdir, behind one trait.
