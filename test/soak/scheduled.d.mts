export function scheduled(pid?: number): { computed: number; waited: number };
