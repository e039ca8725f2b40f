// The transformer's encoder and decoder in one include.
#pragma once

#include <heed/nn/transformer/transformer_decoder.h>
#include <heed/nn/transformer/transformer_encoder.h>
