// The transformer's encoder and decoder in one include.
#pragma once

#include <heed/nn/transformer_decoder.h>
#include <heed/nn/transformer_encoder.h>
