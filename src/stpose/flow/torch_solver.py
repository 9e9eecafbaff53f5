import torch
from stpose.flow import steps, torch_steps as ts
from stpose.flow.torch_equations import Board, Equations

@torch.no_grad()
def brox_flow_batch(first, second, parameters):
    p = parameters
    n, h, w = first.shape
    sizes = steps.level_sizes(h, w, p.scale, p.smallest_side, p.levels)
    levels = [ts.smooth(torch.stack([first, second]), p.presmoothing)]
    for size in sizes[1:]:
        levels.append(ts.resize(levels[-1], *size))
    flow = first.new_zeros((2, n, *sizes[-1]))
    for (one, two), size in zip(reversed(levels), reversed(sizes)):
        if flow.shape[2:] != size:
            flow = ts.enlarge(flow, *size)
        board = Board(n, *size)
        eq = Equations(board, p, one)
        for _ in range(p.warps):
            eq.linearise(ts.derivatives(one, two, flow), flow)
            for _ in range(p.inner):
                eq.weigh(); eq.assemble(); eq.relax()
            flow = board.unpack(eq.flow)
            if p.median:
                flow = ts.median(flow, p.median)
    return flow.permute(1, 2, 3, 0).contiguous()
