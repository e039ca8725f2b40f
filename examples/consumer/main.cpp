// Fits a straight line with nothing but an installed heed.
#include <heed/heed.h>

#include <cmath>
#include <iostream>

int main() {
  heed::seed_default_generator(1);
  heed::Linear line(1, 1);
  heed::SGD optimizer(line.parameters(), {.lr = 0.1});

  const heed::Tensor x = heed::rand({64, 1}, -1, 1);
  const heed::Tensor y = x * 3.0 + 0.5;
  double last = 0;
  for (int step = 0; step < 300; ++step) {
    optimizer.zero_grad();
    const heed::Variable loss = heed::mse_loss(line.forward(x), y);
    heed::backward(loss);
    optimizer.step();
    last = loss.item();
  }
  for (const auto& [name, parameter] : line.named_parameters()) {
    std::cout << name << " = " << parameter.value() << '\n';
  }
  return last < 1e-6 ? 0 : 1;
}
