// SPDX-License-Identifier: Apache-2.0
// A failure that is made and not returned is an error that nobody hears of.
// expects: ignoring return(ed)? value
#include "base/result.h"

abate::Result<int> port(int number) {
#ifdef GOOD
  if (number < 1) return abate::failure(abate::Fault::malformed, "a port is at least 1");
#else
  if (number < 1) abate::failure(abate::Fault::malformed, "a port is at least 1");
#endif
  return number;
}
