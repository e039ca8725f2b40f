// What the system says of processors.
#pragma once

namespace heed::detail {

/// On how many the scheduler may put this process (its affinity mask); all of them, or 0, where it does not say.
int affine_processors();

/// The one this thread is on; -1 where the system does not say.
int current_processor();

}  // namespace heed::detail
